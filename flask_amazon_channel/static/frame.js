// What works without a script works better with it: the frame.
"use strict";
