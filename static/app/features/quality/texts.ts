import { catalogue } from '../../i18n';
import { en } from './texts.en';
import { zh } from './texts.zh';

export const words = catalogue(zh, en);
