'use strict';

/**
 * Ends this process like a SIGTERM when the npm that started it is gone. npm passes a SIGTERM to the shell it
 * runs scripts in, and most shells die of it without passing it on: the server would go on unseen.
 */
exports.endWithNpm = function () {
  if (!process.env.npm_lifecycle_event) return;
  var parent = process.ppid;
  var timer = setInterval(function () {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
};
