/** Pages for residents: complete without script, but for what is sent. */
import './ui/tokens.css';
import './resident/resident.css';
import { proof } from './resident/proof';

const button = document.querySelector<HTMLButtonElement>('button[data-proof]');
if (button) void proof(button);
