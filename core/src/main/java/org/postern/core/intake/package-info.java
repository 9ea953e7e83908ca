// SPDX-License-Identifier: Apache-2.0
/** How mail becomes ours: durable first, then queued. */
package org.postern.core.intake;
