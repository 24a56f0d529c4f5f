/* One stream of seats: for all tabs of a browser where this runs as a SharedWorker (a browser opens six connections to a
   host, and each stream keeps one), for one page where it is loaded as a script. */
"use strict";
(() => {
  const ADDRESS = "/api/v1/seats/stream";
  const MOST_SESSIONS = 1000; // of one stream; those of the tabs opened last come first
  const GATHER_MS = 30; // tabs that a browser restores open together
  const REFUSED_MS = 10000; // after a response that is not a stream (limit reached, server down)

  class SeatStream {
    /* `tell(reader, message)` receives {state}, or {seats, number} for one of the reader's sessions. */
    constructor(tell) {
      this.tell = tell;
      this.readers = new Map(); // reader → {sessions, after}
      this.covered = new Map(); // session → number since which no event was missed
      this.newest = new Map(); // session and funder → the last message
      this.last = null;
      this.state = "lost";
      this.source = null;
      this.timer = 0;
    }

    want(reader, sessions, after) {
      this.readers.delete(reader);
      this.readers.set(reader, { sessions: new Set(sessions), after });
      for (const message of this.newest.values()) {
        if (message.number > after) this.pass(reader, message);
      }
      this.tell(reader, { state: this.state });
      this.later(GATHER_MS);
    }

    drop(reader) {
      this.readers.delete(reader);
      if (!this.readers.size) this.close();
    }

    later(ms) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(), ms);
    }

    close() {
      clearTimeout(this.timer);
      if (this.source) this.source.close();
      this.source = this.last = null;
      this.covered.clear();
      this.newest.clear();
      this.tellState("lost");
    }

    /* Open a stream on the sessions of all readers, from the lowest number that one of them needs. */
    open() {
      const wanted = new Set();
      let from = this.last ?? Infinity;
      let lacking = !this.source || this.source.readyState === EventSource.CLOSED;
      for (const { sessions, after } of [...this.readers.values()].reverse()) {
        for (const session of sessions) {
          if (wanted.size >= MOST_SESSIONS && !wanted.has(session)) continue;
          wanted.add(session);
          if (!(this.covered.get(session) <= after)) {
            lacking = true;
            from = Math.min(from, after);
          }
        }
      }
      if (!lacking || !wanted.size) return;
      if (this.source) this.source.close();
      for (const session of this.covered.keys()) if (!wanted.has(session)) this.covered.delete(session);
      for (const [pair, { seats }] of this.newest) if (!wanted.has(seats.key)) this.newest.delete(pair);
      for (const session of wanted) this.covered.set(session, Math.min(this.covered.get(session) ?? from, from));
      this.last = from;
      const query = [...wanted].map(session => `session=${encodeURIComponent(session)}`).join("&");
      const source = this.source = new EventSource(`${ADDRESS}?${query}&last_event_id=${from}`);
      source.addEventListener("seats", event => this.receive(Number(event.lastEventId), JSON.parse(event.data)));
      source.onopen = () => this.tellState("open");
      source.onerror = () => {
        this.tellState("lost");
        // The browser reconnects after a broken connection, but not after an error response.
        if (source.readyState === EventSource.CLOSED) this.later(REFUSED_MS * (1 + Math.random()));
      };
    }

    receive(number, seats) {
      this.last = number;
      const message = { number, seats };
      this.newest.set(`${seats.key} ${seats.funder}`, message);
      for (const reader of this.readers.keys()) this.pass(reader, message);
    }

    pass(reader, message) {
      if (this.readers.get(reader).sessions.has(message.seats.key)) this.tell(reader, message);
    }

    tellState(state) {
      this.state = state;
      for (const reader of this.readers.keys()) this.tell(reader, { state });
    }
  }

  if (typeof SharedWorkerGlobalScope === "undefined") {
    self.SeatStream = SeatStream;
    return;
  }
  const stream = new SeatStream((port, message) => port.postMessage(message));
  self.onconnect = ({ ports: [port] }) => {
    port.onmessage = ({ data }) => (data ? stream.want(port, data.sessions, data.after) : stream.drop(port));
  };
})();
