package io.vaultkms.deployer;

/** The service, which dies of each event that it tells, as soon as the log has it. */
public final class MortalDeployer {
  private MortalDeployer() {}

  public static void main(String[] arguments) {
    Diary diary = Diary.own();
    PluginDeployer.service(
        arguments,
        log ->
            event -> {
              log.accept(event);
              // One that comes after it tells what is current once more.
              diary.dieOnce("tell " + event.getClass().getSimpleName() + " " + event.id());
            });
  }
}
