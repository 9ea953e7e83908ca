// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import org.postern.core.session.PooledSession;

/**
 * A session for one message, and what the message was counted as.
 *
 * @param session for this message alone until it is given back
 * @param use to be settled once it is known what the peer has taken
 */
record Ride(PooledSession session, Use use) {}
