/**
 * For processes that share few cores: the collector's helper threads take a sixth of all processor time. A larger
 * young generation, from the start, is collected less often.
 */
export const frugalGc = ['--single-threaded-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
