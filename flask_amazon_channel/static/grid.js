// What works without a script works better with it: grids.
"use strict";
