/**
 * Gives what asks for a run: however often that is called in one turn of the event loop, `run` is called once, after
 * everything that the turn still brings.
 */
export function onceATurn(nextTurn: (run: () => void) => void, run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    nextTurn(() => {
      isDue = false;
      run();
    });
  };
}
