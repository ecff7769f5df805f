'use strict';

// A worker of the package workerpool.

require('workerpool').worker({ task: require('./task') });
