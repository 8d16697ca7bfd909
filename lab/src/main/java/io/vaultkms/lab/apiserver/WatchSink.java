package io.vaultkms.lab.apiserver;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;

/** Where the events of a watch go: lines of a response, or messages of a WebSocket. */
interface WatchSink {
  /** Sends one event. */
  Future<Void> send(byte[] event);

  boolean closed();

  void end();

  static WatchSink lines(HttpServerResponse response) {
    return new WatchSink() {
      @Override
      public Future<Void> send(byte[] event) {
        return response.write(Buffer.buffer(event).appendByte((byte) '\n'));
      }

      @Override
      public boolean closed() {
        return response.closed();
      }

      @Override
      public void end() {
        response.end();
      }
    };
  }

  static WatchSink messages(ServerWebSocket socket) {
    return new WatchSink() {
      @Override
      public Future<Void> send(byte[] event) {
        return socket.writeTextMessage(Buffer.buffer(event).toString());
      }

      @Override
      public boolean closed() {
        return socket.isClosed();
      }

      @Override
      public void end() {
        socket.close();
      }
    };
  }
}
