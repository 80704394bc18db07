// Importance
