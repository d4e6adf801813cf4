'use strict';
// Builds the browser part with Vite and leaves a fingerprint of the sources beside it, so that a start can
// tell whether the build is still theirs. Modification times would not do: a checkout sets them anew.
var childProcess = require('child_process');
var crypto = require('crypto');
var fs = require('fs');
var path = require('path');

var ROOT = path.join(__dirname, '..', '..');
var FINGERPRINT_FILE = path.join(ROOT, 'build', '.fingerprint');
var SOURCES = ['src', 'static', 'package.json', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'];

/** Builds, unless `build/` was made from exactly the present sources. Ends the process if the build fails. */
exports.buildIfStale = function () {
  if (readFingerprint() === sourceFingerprint()) return;
  console.log('Building the browser part, because it is missing or its sources have changed.');
  build();
};

function build() {
  // Taken before the build: an edit made meanwhile must count as a change.
  var fingerprint = sourceFingerprint();
  var vite = path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  var result = childProcess.spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (result.status !== 0) {
    console.error('The browser part could not be built; the reason stands above.');
    process.exit(result.status || 1);
  }
  fs.writeFileSync(FINGERPRINT_FILE, fingerprint + '\n');
}

function readFingerprint() {
  return fs.existsSync(FINGERPRINT_FILE) ? fs.readFileSync(FINGERPRINT_FILE, 'utf8').trim() : undefined;
}

function sourceFingerprint() {
  var hash = crypto.createHash('sha256');
  listFiles(SOURCES).forEach(function (file) {
    hash.update(file + '\0');
    hash.update(fs.readFileSync(path.join(ROOT, file)));
    hash.update('\0');
  });
  return hash.digest('hex');
}

// Sorted, because the order in which a file system lists a folder is its own affair.
function listFiles(names) {
  return names
    .slice()
    .sort()
    .reduce(function (files, name) {
      var full = path.join(ROOT, name);
      if (!fs.existsSync(full) || /\.(test\.ts|md)$/.test(name)) return files;
      if (!fs.statSync(full).isDirectory()) return files.concat(name);
      return files.concat(
        listFiles(
          fs.readdirSync(full).map(function (child) {
            return name + '/' + child;
          }),
        ),
      );
    }, []);
}

if (require.main === module) {
  require('./require-node.cjs').requireNode();
  if (process.argv[2] === '--if-stale') exports.buildIfStale();
  else build();
}
