declare const place: unique symbol;

/** Where values begin in the backend's memory: a number that no count or size is mistaken for. */
export type Address = number & { readonly [place]: true };

/** The address of what is left out. */
export const NOWHERE = 0 as Address;

/** The address so many bytes further on. */
export function after(address: Address, bytes: number): Address {
  return (address + bytes) as Address;
}
