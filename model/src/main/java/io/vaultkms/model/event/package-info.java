/**
 * What happens to a cluster's encryption, as events that the services tell each other and people.
 */
@NullMarked
package io.vaultkms.model.event;

import org.jspecify.annotations.NullMarked;
