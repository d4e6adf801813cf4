'use strict';
// `npm start`: checks the Node it runs on, builds the browser part when its sources have changed, and becomes
// the server. Plain JavaScript in an old dialect, so that whatever Node a machine has can read it and say
// what is wrong.
var path = require('path');
var url = require('url');

require('./require-node.cjs').requireNode();
require('./end-with-npm.cjs').endWithNpm();
require('./build.cjs').buildIfStale();

// The server runs in this process rather than in a child: signals, exit code and process id are then the
// server's own, and nothing can be left behind.
var main = path.join(__dirname, '..', 'main.ts');
process.argv[1] = main;
import(url.pathToFileURL(main).href).catch(function (error) {
  console.error(error);
  process.exit(1);
});
