/** A database that a peer stores in, with processes and a folder of its own. */
export type Engine = {
  /** A port or a URI, for the peer. */
  address: string;
  /** The roots of its process trees; none if the peer runs it itself. */
  pids: readonly number[];
  stop(): Promise<void>;
};
