// What works without a script works better with it: forms.
"use strict";
