// SPDX-License-Identifier: Apache-2.0
/** Moving in from Momentum: what carries over, and a configuration without passwords. */
package org.postern.config.store.migrate;
