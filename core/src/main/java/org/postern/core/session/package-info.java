// SPDX-License-Identifier: Apache-2.0
/** Sessions with peers, kept apart by peer, source, TLS policy and identity. */
package org.postern.core.session;
