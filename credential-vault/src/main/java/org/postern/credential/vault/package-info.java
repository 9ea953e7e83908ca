// SPDX-License-Identifier: Apache-2.0
/** The store: an index over the opened vault, watched for changes, and the words that configure it. */
package org.postern.credential.vault;
