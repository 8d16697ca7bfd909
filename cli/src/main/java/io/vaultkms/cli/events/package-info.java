/** The event log for people: followed, exported, and each event as a sentence. */
@NullMarked
package io.vaultkms.cli.events;

import org.jspecify.annotations.NullMarked;
