package io.vaultkms.platform.http2;

import java.io.IOException;

/** The server does not speak HTTP/2. */
public final class NoHttp2 extends IOException {
  private static final long serialVersionUID = 1;

  NoHttp2(String server) {
    super(server + " speaks no HTTP/2");
  }
}
