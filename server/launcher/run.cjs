'use strict';
// `npm run backup` and `npm run restore`: checks the Node it runs on, and becomes the program that it is given. Plain
// JavaScript in an old dialect, for the same reason as `start.cjs`.
var path = require('path');
var url = require('url');

require('./require-node.cjs').requireNode();

var main = path.join(__dirname, '..', 'backup', process.argv[2] + '.ts');
process.argv.splice(1, 2, main);
import(url.pathToFileURL(main).href).catch(function (error) {
  console.error(error);
  process.exit(1);
});
