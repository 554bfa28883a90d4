/**
 * For processes that share few cores: the collector's helper threads take a sixth of all processor time. A larger
 * young generation is collected less often.
 */
export const frugalGc = ['--single-threaded-gc', '--max-semi-space-size=32'];
