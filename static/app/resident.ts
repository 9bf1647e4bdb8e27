/** Pages for residents: complete without script. */
import './ui/tokens.css';
import './resident/resident.css';
