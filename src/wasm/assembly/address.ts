/** Where values begin in memory. Functions that JavaScript calls tell by it which of their numbers are places. */
export type Address = usize;
