// SPDX-License-Identifier: Apache-2.0
/** What this relay tells the others that share its queue, and hears from them. */
package org.postern.core.cluster;
