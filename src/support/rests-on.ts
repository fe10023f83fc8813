const LIKE =
  '(same devices, kind of patients and preparation, taken as they come), and for no others';

/** What p-values, rates and certificates rest on, as a sentence. @param byGroup whether images are compared with the normals of their group */
export function restsOn(normalCount: number, byGroup = false): string {
  const which = byGroup
    ? `the validation normals of their group, or with all ${normalCount} where it has none`
    : `the ${normalCount} validation normals`;
  return `promises hold for new normal images that are exchangeable with ${which} ${LIKE}`;
}

/** The same where abnormal images set a threshold. */
export const restsOnBothClasses = `promises hold for new images that are exchangeable with those at hand of their class ${LIKE}`;
