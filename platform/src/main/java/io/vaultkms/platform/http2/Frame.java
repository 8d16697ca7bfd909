package io.vaultkms.platform.http2;

/** Types and flags of frames, and the settings and errors that matter here (RFC 9113). */
final class Frame {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int PRIORITY = 0x20;

  static final int HEADER_TABLE_SIZE = 1;
  static final int ENABLE_PUSH = 2;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;

  static final int REFUSED_STREAM = 7;
  static final int CANCEL = 8;

  /** What both sides begin with. */
  static final int DEFAULT_WINDOW = 65_535;

  /** The longest payload that every receiver takes. */
  static final int LONGEST = 16_384;

  static final int HEAD = 9;

  private Frame() {}
}
