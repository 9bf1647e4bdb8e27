/** The playbook's card for a kind of scam, if there is a playbook: it registers what shows it. */
import type { ComponentType } from 'preact';
import type { ScamType } from './codes';

export type ScriptProps = { type: ScamType | null };

let provided: ComponentType<ScriptProps> | null = null;

/** `Card` draws a section with its own heading, or nothing; `lazy(…, 'part')` suits. */
export const provideScript = (Card: ComponentType<ScriptProps>): void => {
  provided = Card;
};

export const scriptCard = (): ComponentType<ScriptProps> | null => provided;
