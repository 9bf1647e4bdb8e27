import type { zh } from './texts.zh';

export const en: typeof zh = {
  addDoor: {
    title: 'Add a door',
    lead: 'The list lacks this door. Add it, then log it.',
    unit: 'Unit',
    floor: 'Floor',
    room: 'Room',
    floorHint: 'empty if none',
    roomHint: 'such as 1203, 12-3, A01',
    exists: (room) => `${room} is in the list already`,
    openIt: 'Open that door',
    beyond: (floors) => `This block has only ${floors} floors`,
    beyondOk: 'I looked, it is this door',
    needRoom: 'Fill in the room',
    save: 'Add and log it',
    mismatch: (floor) => `The number looks like floor ${floor}`,
  },
  info: {
    access: 'Way in',
    caretaker: 'Known to residents',
    address: 'Address',
    grid: 'Grid',
    infoEmpty: 'The community has not filled in the way in or a contact.',
  },
  floor: {
    floorTitle: (floor) => `Nobody home on floor ${floor}`,
    floorLead: (n) => `The ${n} doors still to knock at get “no answer”.`,
    floorDone: (n) => `${n} doors: no answer`,
    floorNone: 'No door on this floor needs a knock now',
    floorSave: (n) => `Log ${n} as no answer`,
    floorWish: (n) => `${n} want no visits and are left out`,
  },
};
