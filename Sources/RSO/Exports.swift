@_exported import RSOCheckpoints
