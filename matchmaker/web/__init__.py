"""The request's own machinery: database session, policies, visibility, pagination and error pages."""
