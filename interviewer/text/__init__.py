"""Words: sanitise and normalise, spans and near matches, overlap. Pure."""
