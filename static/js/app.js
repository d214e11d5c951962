import "./announcements.js";
import "./cancel.js";
import "./composer.js";
import "./draft.js";
import "./failures.js";
import "./scroll.js";
