/** Words for "building" at either end of a name; what they leave is the number people say. */
const AROUND = /^(?:block|blk|building|bldg)\.?\s+|(?:号楼|栋楼|栋|幢|座|楼|#楼?)$/giu;

/** `3-2-1403`: building, unit, room, as people say it. */
export function doorNumber(building: string, unit: string, room: string): string {
  const short = building.replace(AROUND, '') || building;
  return [short, unit, room].filter(Boolean).join('-');
}
