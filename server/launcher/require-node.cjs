'use strict';
var fs = require('fs');
var path = require('path');

// The oldest Node that runs TypeScript without a flag and has everything the server uses.
var MAJOR_MIN = 24;
var PACKAGES = path.join(__dirname, '..', '..', 'node_modules');

/** Ends the process with one sentence that names the remedy, unless Baton can run on this Node. */
exports.requireNode = function () {
  var fault = findFault();
  if (!fault) return;
  console.error(fault);
  process.exit(1);
};

function findFault() {
  if (!fs.existsSync(PACKAGES)) return 'The packages are not installed yet: run `npm ci`.';
  if (Number(process.versions.node.split('.')[0]) >= MAJOR_MIN) return undefined;

  var finding = 'Baton needs Node ' + MAJOR_MIN + ' or newer, and this is Node ' + process.versions.node;
  // npm puts the `node` package's binary first on the PATH of its scripts. It is missing when npm was told not
  // to run install scripts, which is how that package fetches it.
  return hasBundledNode()
    ? finding + '; start it through npm (`npm start`), which uses the Node that came with the packages.'
    : finding +
        '; fetch the one that belongs to the packages with `npm rebuild node --ignore-scripts=false`.';
}

function hasBundledNode() {
  return ['node', 'node.exe'].some(function (name) {
    return fs.existsSync(path.join(PACKAGES, 'node', 'bin', name));
  });
}
