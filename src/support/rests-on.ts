/** What promises rest on, as the rest of a sentence. @param byGroup whether images are compared with the normals of their group */
export function restsOn(normalCount: number, byGroup = false): string {
  const which = byGroup
    ? `the validation normals of their group, or with all ${normalCount} where it has none`
    : `the ${normalCount} validation normals`;
  return `holds for new normal images that are exchangeable with ${which} (same devices, patients and preparation, taken as they come), and for no others`;
}
