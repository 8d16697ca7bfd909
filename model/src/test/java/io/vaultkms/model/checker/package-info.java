/**
 * A model checker: a cluster small enough to walk through every order in which things can happen,
 * with the real decision at its heart. Three nodes, up to four keys, two resources; data is the set
 * of keys that anything may be stored under, writes in flight included.
 *
 * <p>What it takes for granted of those who carry the decision out:
 *
 * <ul>
 *   <li>A rollout fails when the newest bundle is not the one that was seen, or when the Secret of
 *       one of its keys is gone. An update in place fails when the key Secret holds anything else
 *       than what was seen. A key is minted under a name that has been free since it was chosen.
 *   <li>That a key is withdrawn is noted whatever has become of the bundle since. A Secret is made
 *       anew under a name that is free, from what the newest bundle holds; the bundle from its
 *       newest copy, which may be of a rollout that had got no further.
 *   <li>A migration is noted only when no request that began before the last API server took up the
 *       write key can still be under way. It notes the remote key id that every API server used
 *       from its beginning on; if they may not all have used the same, it notes none of them.
 *   <li>A node is expected before its API server serves, and that starts with the newest file. A
 *       node that is gone does not come back with what it had.
 *   <li>An agent whose preflight failed tries again for as long as the request stands.
 *   <li>Plaintext stays readable everywhere: that is for who writes the files to see to.
 * </ul>
 *
 * <p>All KMS keys refer to one Secret. Old credentials that Vault no longer takes come back, unless
 * the Secret holds the new ones by then, or the admin wants another key than the one on its way
 * that needs them: either has to be enough. New credentials that lack the remote key of A are
 * granted it when something has them and needs it, or when the old ones are revoked too; else
 * everything has to end settled without.
 *
 * <p>Not in it: Secrets that others wrote; Secrets that nothing can be made anew from; resources
 * that are added to a component; pruning; keys that age.
 */
@NullMarked
package io.vaultkms.model.checker;

import org.jspecify.annotations.NullMarked;
