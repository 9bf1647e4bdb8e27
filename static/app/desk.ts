/** The pages of the desk: server-rendered, with a little help from here. */
import './desk.css';
import { alerts } from './desk/alerts';
import { charts } from './desk/charts';
import { display } from './desk/display';
import { forms } from './desk/forms';
import { imports } from './desk/import';
import { intake } from './desk/intake';
import { invites } from './desk/invites';
import { maps } from './desk/map';
import { menus } from './desk/menus';
import { paper } from './desk/paper';
import { sheet } from './desk/sheet';
import { turf } from './desk/turf';

display();
menus();
invites();
forms();
charts();
imports();
paper();
sheet();
alerts();
intake();
turf();
void maps();
