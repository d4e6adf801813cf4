'use strict';
// `npm run demo`: checks the Node it runs on, builds the browser part when its sources have changed, and becomes the
// demo. Plain JavaScript in an old dialect, for the same reason as `start.cjs`.
var path = require('path');
var url = require('url');

require('./require-node.cjs').requireNode();
require('./end-with-npm.cjs').endWithNpm();
require('./build.cjs').buildIfStale();

var main = path.join(__dirname, '..', 'demo', 'main.ts');
process.argv[1] = main;
import(url.pathToFileURL(main).href).catch(function (error) {
  console.error(error);
  process.exit(1);
});
