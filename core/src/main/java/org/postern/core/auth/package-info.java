// SPDX-License-Identifier: Apache-2.0
/**
 * Authentication before the wire: which mechanism, which credential, whether it may be shown, whether now is the time.
 */
package org.postern.core.auth;
