// SPDX-License-Identifier: Apache-2.0
/** How much each account is used for at each peer, and how much it may be. */
package org.postern.core.limits;
