/** Places on a screen where features put something of their own, in the order of registration. */
import type { ComponentType } from 'preact';

/** today: cards above the buildings. me: rows among the links of "me". */
export type Place = 'today' | 'me';

const parts: Record<Place, ComponentType[]> = { today: [], me: [] };

export const registerPart = (place: Place, Part: ComponentType): void =>
  void parts[place].push(Part);

export function Parts({ of }: { of: Place }) {
  return (
    <>
      {parts[of].map((Part, index) => (
        <Part key={index} />
      ))}
    </>
  );
}
