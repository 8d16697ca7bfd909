package io.vaultkms.migrator.run;

import io.vaultkms.migrator.api.AnswerTooLong;
import io.vaultkms.migrator.api.Failure;
import io.vaultkms.migrator.api.Meta;
import io.vaultkms.migrator.api.MetaPage;
import io.vaultkms.migrator.api.MetadataApi;
import io.vaultkms.migrator.api.Reply;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Walks over all objects of one resource, page by page, with the next page fetched while this one
 * is worked on and never more than these two in memory. A list that has expired goes on with the
 * API server's own token: what it then shows is newer, which for a walk after the mark is as good.
 */
final class Walk {
  private static final int MOST_RESTARTS = 5;

  private final MetadataApi api;
  private final Target target;
  private final Retrying retrying;
  private final Tally tally;
  private int pageSize;

  Walk(MetadataApi api, Target target, Retrying retrying, Tally tally, int pageSize) {
    this.api = api;
    this.target = target;
    this.retrying = retrying;
    this.tally = tally;
    this.pageSize = pageSize;
  }

  /** What is done on the way. */
  interface Visitor {
    /** Before a page is asked for. */
    void beforePage() throws IOException, InterruptedException, Stopped, Unwalkable;

    /** Before its objects. */
    void page(MetaPage page);

    void object(Meta meta) throws IOException, InterruptedException, Stopped, Unwalkable;
  }

  /** The resource cannot be walked over, whoever tries. */
  static final class Unwalkable extends Exception {
    private static final long serialVersionUID = 1;

    Unwalkable(String message) {
      super(message);
    }
  }

  private static final class Expired extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** Returns after the last object, and only if every page was seen. */
  void over(ExecutorService threads, Visitor visitor)
      throws IOException, InterruptedException, Stopped, Unwalkable {
    for (int restarts = 0; ; restarts++) {
      try {
        pages(threads, visitor);
        return;
      } catch (Expired e) {
        if (restarts == MOST_RESTARTS) {
          throw new Unwalkable("the list of " + target.name() + " expired again and again");
        }
        tally.retried();
      }
    }
  }

  private void pages(ExecutorService threads, Visitor visitor)
      throws IOException, InterruptedException, Stopped, Unwalkable, Expired {
    visitor.beforePage();
    MetaPage page = fetch("");
    while (true) {
      visitor.page(page);
      if (page.last()) {
        visit(page, visitor);
        return;
      }
      visitor.beforePage();
      String token = page.continueToken();
      Future<MetaPage> next = threads.submit(() -> fetch(token));
      try {
        visit(page, visitor);
        page = await(next);
      } finally {
        next.cancel(true);
      }
    }
  }

  private static void visit(MetaPage page, Visitor visitor)
      throws IOException, InterruptedException, Stopped, Unwalkable {
    for (Meta meta : page.items()) {
      visitor.object(meta);
    }
  }

  private static MetaPage await(Future<MetaPage> next)
      throws IOException, InterruptedException, Stopped, Unwalkable, Expired {
    try {
      return next.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException problem -> throw problem;
        case Stopped stopped -> throw stopped;
        case Unwalkable unwalkable -> throw unwalkable;
        case Expired expired -> throw expired;
        case InterruptedException interrupted -> throw interrupted;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /** The page at the token; only one at a time. */
  private MetaPage fetch(String from)
      throws IOException, InterruptedException, Stopped, Unwalkable, Expired {
    String token = from;
    while (true) {
      try {
        switch (list(token)) {
          case Reply.Good<MetaPage>(MetaPage page) -> {
            return page;
          }
          case Reply.Bad<MetaPage>(Failure failure) -> token = onward(token, failure);
        }
      } catch (AnswerTooLong e) {
        if (pageSize == 1) {
          throw new Unwalkable(e.getMessage());
        }
        pageSize = Math.ceilDiv(pageSize, 2);
      }
    }
  }

  private Reply<MetaPage> list(String token) throws IOException, InterruptedException, Stopped {
    return retrying.ask(tally, () -> api.list(target.paths(), pageSize, token));
  }

  private String onward(String token, Failure failure) throws Unwalkable, Expired {
    if (!failure.expired()) {
      throw new Unwalkable(
          failure.notFound()
              ? target.name() + " is not served by the API server"
              : "%s cannot be listed: %s".formatted(target.name(), failure.message()));
    }
    if (failure.continueToken().isEmpty() || failure.continueToken().equals(token)) {
      throw new Expired();
    }
    tally.retried();
    return failure.continueToken();
  }
}
