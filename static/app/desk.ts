/** The pages of the desk: server-rendered, with a little help from here. */
import './desk.css';
import { charts } from './desk/charts';
import { display } from './desk/display';
import { forms } from './desk/forms';
import { menus } from './desk/menus';

display();
menus();
forms();
charts();
