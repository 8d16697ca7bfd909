package io.vaultkms.model.checker;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Convergence;
import io.vaultkms.model.decision.Decision;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Preflights;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Decisions with one mistake each. */
enum Sabotage {
  WRITES_BEFORE_ALL_CAN_READ {
    @Override
    Step next(Observation seen) {
      return Decision.next(seen) instanceof Step.RollOut(Bundle bundle, Purpose purpose, long key)
              && purpose == Purpose.READ_KEY
          ? new Step.RollOut(
              bundle.withWriteKey(bundle.resources().keySet(), key), Purpose.WRITE_KEY, key)
          : Decision.next(seen);
    }
  },

  PROMOTES_BEFORE_CONVERGED {
    @Override
    Step next(Observation seen) {
      return impatient(
          seen, step -> step instanceof Step.RollOut out && out.purpose() == Purpose.WRITE_KEY);
    }
  },

  ROLLS_OUT_TWO_AT_ONCE {
    @Override
    Step next(Observation seen) {
      return impatient(seen, step -> step.actor() == Step.Actor.PLUGIN_DEPLOYER);
    }
  },

  MIGRATES_BEFORE_CONVERGED {
    @Override
    Step next(Observation seen) {
      return impatient(seen, step -> step instanceof Step.Migrate);
    }
  },

  RETIRES_BEFORE_MIGRATED {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      if (step instanceof Step.Migrate migrate && seen.currentBundle().keys().size() > 1) {
        TreeSet<Long> newest = new TreeSet<>(List.of(migrate.keyId()));
        return new Step.RollOut(
            seen.currentBundle().keeping(newest), Purpose.RETIRE, migrate.keyId());
      }
      return step;
    }
  },

  REUSES_A_KEY_NUMBER {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      boolean another =
          step instanceof Step.Preflight(long key, String hash) && key > 1
              || step instanceof Step.MintKey(long id, Mode mode, String reason)
                  && id > 1
                  && mode == Mode.KMS;
      return another && seen.wanted() instanceof Wanted.Remote remote
          ? new Step.UpdateKey(seen.newestKey().orElseThrow().id(), remote.hash().orElseThrow())
          : step;
    }
  },

  MINTS_WHAT_NO_NODE_HAS_TRIED {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      return step instanceof Step.Preflight(long key, String hash) && seen.key(key).isEmpty()
          ? new Step.MintKey(key, Mode.KMS, "in a hurry")
          : step;
    }
  },

  MENDS_NOTHING_BEFORE_CONVERGED {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      return Convergence.waiting(seen).isEmpty() || step.actor() == Step.Actor.NOBODY
          ? step
          : new Step.Await(Step.Awaited.CONVERGENCE, Convergence.waiting(seen));
    }
  },

  LETS_OLDER_KEYS_KEEP_WHAT_THEY_HAD {
    @Override
    Step next(Observation seen) {
      return Decision.next(seen.withRenewed(new TreeMap<>()));
    }
  },

  WAITS_FOR_A_KEY_THAT_IS_REFUSED {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      boolean older =
          seen.preflight()
              .filter(request -> seen.renewed().containsKey(request.keyId()))
              .isPresent();
      return older && Preflights.refusal(seen).isPresent() && step.actor() != Step.Actor.MIGRATOR
          ? new Step.Blocked(Step.Obstacle.PREFLIGHT_FAILED, "it has to pass first")
          : step;
    }
  },

  FORGETS_WHAT_WAS_REFUSED {
    @Override
    Step next(Observation seen) {
      return Decision.next(
          new Observation(
              seen.component(),
              seen.wanted(),
              seen.keys(),
              seen.bundle(),
              seen.expectedNodes(),
              seen.reports(),
              seen.preflight().map(this::first),
              seen.now(),
              seen.limits(),
              seen.appeared(),
              seen.salvage(),
              seen.renewed()));
    }

    private PreflightRequest first(PreflightRequest request) {
      return new PreflightRequest(request.id(), request.keyId(), request.hash(), request.asked());
    }
  },

  RENEWS_WITH_ANOTHER_VERDICT {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      return step instanceof Step.Preflight(long key, String hash) && seen.keepsItsOwn(key)
          ? new Step.UpdateKey(key, hash)
          : step;
    }
  },

  FORGETS_A_LOST_BUNDLE {
    @Override
    Step next(Observation seen) {
      boolean lost =
          Decision.next(seen) instanceof Step.Restore(Step.Kept what, long number)
              && what == Step.Kept.BUNDLE;
      return lost && seen.newestKey().isPresent()
          ? new Step.RollOut(
              Bundle.EMPTY.withReadKey(
                  seen.component().resources(),
                  seen.newestKey().get().id(),
                  new Bundle.KeyContent(
                      seen.newestKey().get().mode(), seen.newestKey().get().hash())),
              Purpose.READ_KEY,
              seen.newestKey().get().id())
          : Decision.next(seen);
    }
  },

  WITHDRAWS_A_WRITE_KEY {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      long writer = seen.currentBundle().newestWriteKey();
      return step instanceof Step.Migrate && isUnwanted(seen)
          ? new Step.RollOut(withoutWriter(seen.currentBundle(), writer), Purpose.WITHDRAW, writer)
          : step;
    }

    private boolean isUnwanted(Observation seen) {
      return seen.wanted() instanceof Wanted.Valid valid
          && valid.mode() != seen.newestKey().orElseThrow().mode();
    }

    private Bundle withoutWriter(Bundle bundle, long writer) {
      TreeMap<String, ResourceKeys> plain = new TreeMap<>();
      bundle.resources().keySet().forEach(name -> plain.put(name, ResourceKeys.PLAIN));
      TreeMap<Long, Bundle.KeyContent> others = new TreeMap<>(bundle.keys());
      others.remove(writer);
      return new Bundle(plain, others);
    }
  },

  FORGETS_THAT_A_KEY_IS_WITHDRAWN {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      EncryptionKey last = seen.keys().isEmpty() ? null : seen.keys().getLast();
      boolean out = last != null && !seen.currentBundle().keys().containsKey(last.id());
      return step instanceof Step.Settled && out && seen.isWithdrawn(last)
          ? new Step.RollOut(
              seen.currentBundle()
                  .withReadKey(
                      seen.component().resources(),
                      last.id(),
                      new Bundle.KeyContent(last.mode(), last.hash())),
              Purpose.READ_KEY,
              last.id())
          : step;
    }
  },

  PROMOTES_WHAT_HAS_STALLED {
    @Override
    Step next(Observation seen) {
      Step step = Decision.next(seen);
      return step instanceof Step.Blocked(Step.Obstacle obstacle, String message)
              && obstacle == Step.Obstacle.ROLLOUT_STALLED
          ? Decision.next(converged(seen))
          : step;
    }
  },

  BELIEVES_A_LATE_WITHDRAWAL {
    @Override
    Step next(Observation seen) {
      return seen.keys().stream()
          .filter(key -> key.is(EncryptionKey.Mark.WITHDRAWN))
          .filter(key -> seen.currentBundle().keys().containsKey(key.id()))
          .filter(key -> seen.currentBundle().newestWriteKey() > key.id())
          .filter(key -> Convergence.waiting(seen).isEmpty())
          .findFirst()
          .<Step>map(
              key ->
                  new Step.RollOut(
                      seen.currentBundle().without(key.id()), Purpose.WITHDRAW, key.id()))
          .orElseGet(() -> Decision.next(seen));
    }
  };

  abstract Step next(Observation seen);

  /** What would come next if all had converged, for the steps that cannot wait for that. */
  private static Step impatient(Observation seen, Predicate<Step> cannotWait) {
    Step step = Decision.next(seen);
    Step later = Decision.next(converged(seen));
    return step instanceof Step.Await && cannotWait.test(later) ? later : step;
  }

  private static Observation converged(Observation seen) {
    long revision = seen.bundle().map(Bundle.Revisioned::revision).orElse(0L);
    SortedMap<String, NodeReport> reports = new TreeMap<>(seen.reports());
    reports.replaceAll(
        (node, report) ->
            new NodeReport(
                report.component(),
                revision,
                revision,
                report.convergedTime(),
                report.configHash(),
                true,
                report.plugins(),
                report.preflight(),
                report.reportedTime(),
                ""));
    return seen.withReports(reports);
  }
}
