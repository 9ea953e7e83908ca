// SPDX-License-Identifier: Apache-2.0
/** The SASL mechanism SAMPLE. */
package org.example.sample;
