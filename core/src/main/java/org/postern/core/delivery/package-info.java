// SPDX-License-Identifier: Apache-2.0
/** The hub: one attempt from queue to outcome. Only this package knows all stages; they do not know each other. */
package org.postern.core.delivery;
