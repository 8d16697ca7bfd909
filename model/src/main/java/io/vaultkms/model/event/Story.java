package io.vaultkms.model.event;

/** An event of the story, which is kept for ever: the audit trail of the cluster's encryption. */
public sealed interface Story extends Event
    permits ConfigChanged,
        ConfigRejected,
        PreflightSucceeded,
        PreflightFailed,
        KeyCreated,
        KeyUpdated,
        KeyRetired,
        RolloutStarted,
        SecretRestored,
        PluginReady,
        RevisionConverged,
        PluginDegraded,
        PluginRecovered,
        RemoteKeyRotated,
        MigrationStarted,
        MigrationDone,
        MigrationFailed,
        EncryptionSettled,
        ReplayRequested,
        ReplayFinished {

  @Override
  default Channel channel() {
    return Channel.STORY;
  }
}
